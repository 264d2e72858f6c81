extension TemporalCases {
    static let momentRanges = """
        [jueves 2-4] = 2026-11-26 02:00…2026-11-26 04:00
        el [viernes 3-5 pm] = 2026-11-27 15:00…2026-11-27 17:00
        [martes 11-2] = 2026-12-01 11:00…2026-12-01 14:00
        armá algo para el [primer lunes por la tarde del mes que viene] = 2026-12-07 12:00…2026-12-07 20:00
        el [segundo martes por la mañana de enero] = 2027-01-12 08:00…2027-01-12 12:00
        [el último viernes de diciembre por la noche] = 2026-12-25 20:00…2026-12-26 00:00
        el [viernes por la noche de la próxima semana] = 2026-12-04 20:00…2026-12-05 00:00
        nos vemos a las [4 pm o más tarde el martes] = 2026-12-01 16:00…
        el [lunes a las 3 pm o más tarde] = 2026-11-30 15:00…
        [mañana antes de las 10] = …2026-11-25 10:00
        el [jueves después de las 18] = 2026-11-26 18:00…
        [hoy hasta las 20] = …2026-11-24 20:00
        [mañana entre las 4pm y 5pm] = 2026-11-25 16:00…2026-11-25 17:00
        [de 5 a 6 del 22 de enero] = 2027-01-22 05:00…2027-01-22 06:00
        el [5 de enero de 9 a 11] = 2027-01-05 09:00…2027-01-05 11:00
        el [5/1 de 9 a 11 hs] = 2027-01-05 09:00…2027-01-05 11:00
        el [5 de enero desde las 9 hasta las 11] = 2027-01-05 09:00…2027-01-05 11:00
        [lunes de 10 a 12] = 2026-11-30 10:00…2026-11-30 12:00
        [lunes de 1-3] = 2026-11-30 01:00…2026-11-30 03:00
        [de 2 a 4 pm del lunes] = 2026-11-30 14:00…2026-11-30 16:00
        [ayer entre las 3 y las 5] = 2026-11-23 03:00…2026-11-23 05:00
        [entre las 3 y las 5 de la tarde de ayer] = 2026-11-23 15:00…2026-11-23 17:00
        [desde mañana a las 9 hasta el jueves a las 18] = 2026-11-25 09:00…2026-11-26 18:00
        [desde las 14 h del 21-12-2026 hasta el 23.12.26 a las 3:30] = 2026-12-21 14:00…2026-12-23 03:30
        [mañana por la tarde] = 2026-11-25 12:00…2026-11-25 20:00
        [pasado mañana a la mañana] = 2026-11-26 08:00…2026-11-26 12:00
        el [domingo a la noche] = 2026-11-29 20:00…2026-11-30 00:00
        [esta mañana] = 2026-11-24 08:00…2026-11-24 12:00
        el [resto del día] = 2026-11-24 10:00…2026-11-25 00:00
        [noche del sábado] = 2026-11-28 20:00…2026-11-29 00:00
        la [mañana del 5 de enero] = 2027-01-05 08:00…2027-01-05 12:00
        [temprano esta mañana] = 2026-11-24 08:00…2026-11-24 10:00
        [mañana entre 8 a. m. y 2 p. m.] = 2026-11-25 08:00…2026-11-25 14:00
        [6-8 próximo lunes] = 2026-11-30 06:00…2026-11-30 08:00
        [desde ahora hasta 10 min después] = 2026-11-24 10:00…2026-11-24 10:10
        [de 9 a 10 del 20 de diciembre] = 2026-12-20 09:00…2026-12-20 10:00
        [de 9 a 10am del 20/12/2026] = 2026-12-20 09:00…2026-12-20 10:00
        [de 4:00 a 5:00 de mañana] = 2026-11-25 04:00…2026-11-25 05:00
        [4:00 a 5:00 mañana] = 2026-11-25 04:00…2026-11-25 05:00
        el [20 de dic desde las 9 hasta las 10] = 2026-12-20 09:00…2026-12-20 10:00
        [desde las 3 p. m. del 20 de dic hasta el 22 de dic a las 10 a. m.] = 2026-12-20 15:00…2026-12-22 10:00
        [mañana por la noche] = 2026-11-25 20:00…2026-11-26 00:00
        el [sábado por la mañana] = 2026-11-28 08:00…2026-11-28 12:00
        la [noche de mañana] = 2026-11-25 20:00…2026-11-26 00:00
        la [tarde del jueves] = 2026-11-26 12:00…2026-11-26 20:00
        [viernes a primeras horas de la mañana] = 2026-11-27 08:00…2026-11-27 10:00
        los [últimos 30 minutos] = 2026-11-24 09:30…2026-11-24 10:00
        los [10 minutos anteriores] = 2026-11-24 09:50…2026-11-24 10:00
        [mañana entre las 9 y las 11] = 2026-11-25 09:00…2026-11-25 11:00
        el [jueves de 3 a 5 de la tarde] = 2026-11-26 15:00…2026-11-26 17:00
        el [20-12-2026 de 2 p. m. a 4] = 2026-12-20 14:00…2026-12-20 16:00
        [entre las 2.30 y las 4 pm del 20-12-26] = 2026-12-20 14:30…2026-12-20 16:00
        [lunes por la mañana de 9 a.m. a 11 a.m.] = 2026-11-30 09:00…2026-11-30 11:00
        [ayer por la tarde de 2 a 6] = 2026-11-23 14:00…2026-11-23 18:00
        [viernes 4, entre las 9:30 y las 11] = 2026-12-04 09:30…2026-12-04 11:00
        [hoy después de las 6 de la tarde] = 2026-11-24 18:00…
        el [lunes a partir de las 9] = 2026-11-30 09:00…
        el [1 dic no más tarde de las 6 pm] = …2026-12-01 18:00
        [mañana de 10 a 12 hs] = 2026-11-25 10:00…2026-11-25 12:00
        [mañana a la noche] = 2026-11-25 20:00…2026-11-26 00:00
        el [viernes 27 por la tarde] = 2026-11-27 12:00…2026-11-27 20:00
        el [27 de noviembre por la mañana] = 2026-11-27 08:00…2026-11-27 12:00
        el [27/11 por la noche] = 2026-11-27 20:00…2026-11-28 00:00
        [este viernes por la noche] = 2026-11-27 20:00…2026-11-28 00:00
        el [sábado de 9 a 13] = 2026-11-28 09:00…2026-11-28 13:00
        el [lunes entre las 10 y las 11] = 2026-11-30 10:00…2026-11-30 11:00
        [hoy de 3 a 4 pm] = 2026-11-24 15:00…2026-11-24 16:00
        [hoy por la tarde] = 2026-11-24 12:00…2026-11-24 20:00
        [ayer a la tarde] = 2026-11-23 12:00…2026-11-23 20:00
        [ayer noche] = 2026-11-23 20:00…2026-11-24 00:00
        [9-11am el lunes] = 2026-11-30 09:00…2026-11-30 11:00
        [de 9 a 11 el lunes] = 2026-11-30 09:00…2026-11-30 11:00
        [entre las 9 y las 11 el jueves] = 2026-11-26 09:00…2026-11-26 11:00
        [3/12 de 15 a 17] = 2026-12-03 15:00…2026-12-03 17:00
        [3/12/2026 entre las 15 y las 17 hs] = 2026-12-03 15:00…2026-12-03 17:00
        [desde el viernes a las 18 hasta el domingo a las 22] = 2026-11-27 18:00…2026-11-29 22:00
        [esta madrugada] = 2026-11-24 00:00…2026-11-24 06:00
        [más tarde esta noche] = 2026-11-24 22:00…2026-11-25 00:00
        [hoy antes de las 6 pm] = …2026-11-24 18:00
        el [viernes hasta las 18] = …2026-11-27 18:00
        [más tarde hoy] = 2026-11-24 10:00…2026-11-25 00:00
        la [próxima media hora] = 2026-11-24 10:00…2026-11-24 10:30
        [hoy a la noche] salgo = 2026-11-24 20:00…2026-11-25 00:00
        [ayer por la mañana] fui = 2026-11-23 08:00…2026-11-23 12:00
        [mañana temprano] te aviso = 2026-11-25 00:00…2026-11-25 12:00
        [mañana de 9 a 12] = 2026-11-25 09:00…2026-11-25 12:00
        el [viernes entre las 14 y las 16] = 2026-11-27 14:00…2026-11-27 16:00
        [de 8 a 10 del 3 de diciembre] = 2026-12-03 08:00…2026-12-03 10:00
        [esta noche] hablamos = 2026-11-24 20:00…2026-11-25 00:00
        [anoche] no dormí = 2026-11-23 20:00…2026-11-24 00:00
        el [lunes antes de las 10] = …2026-11-30 10:00
        [desde hoy a las 4 de la tarde hasta mañana a las 10 de la mañana] = 2026-11-24 16:00…2026-11-25 10:00
        """

    static let repetitions = """
        [todos los miércoles a las 10 a.m.] = repeated
        la clase es los [lunes a las 18] = repeated
        llamame los [viernes a las 5 pm] = repeated
        [cada viernes a las 6 de la tarde] = repeated
        [cada dos lunes] = repeated
        [cada 3 días] = repeated
        [todas las semanas] = repeated
        [cada mes] = repeated
        lo mando [anualmente] = repeated
        [todos los días a las 8] = repeated
        a las [8 todos los días] = repeated
        a las [6 pm cada viernes] = repeated
        a las [10 de la mañana todos los lunes] = repeated
        va al médico [a diario] = repeated
        [cada 10/5] = repeated
        informe [bimestral] = repeated
        [cada noche] = repeated
        [todas las tardes] = repeated
        [cada trimestre] = repeated
        [todos los fines de semana] = repeated
        [cada jueves por la tarde] = repeated
        [cada año] = repeated
        [cada hora] = repeated
        saldré [cada semana] = repeated
        saldré [todos los domingos] = repeated
        saldré [cada 2 meses] = repeated
        saldré [diariamente] = repeated
        saldré [mensualmente] = repeated
        saldré [cada 20/12] = repeated
        saldré [cada martes a las 10am] = repeated
        saldré [todos los días a las 7 de la mañana] = repeated
        saldré [cada 25 de diciembre] = repeated
        saldré [todos los sábados por la noche] = repeated
        saldré [cada tres semanas] = repeated
        saldré [cada mañana] = repeated
        saldré los [viernes por la noche] = repeated
        saldré [todos los años] = repeated
        saldré [cada dos semanas] = repeated
        saldré [cada fin de semana] = repeated
        saldré [quincenalmente] = repeated
        [cada 15 días] = repeated
        nos vemos [una vez por semana] = repeated
        [todos los lunes, miércoles y viernes] = repeated
        [todos los martes a las 20 hs] = repeated
        [cada sábado a la mañana] = repeated
        [todos los jueves de 18 a 20] = repeated
        [cada 8 horas] = repeated
        a las [9 de la mañana todos los días] = repeated
        pago [cada lunes] = repeated
        [todos los meses] lo mismo = repeated
        [todos los viernes a las 18] entreno = repeated
        reunión [semanal] = repeated
        [cada quince días] = repeated
        [todas las mañanas] corro = repeated
        """

    static let several = """
        nos vemos el [lunes] o [miércoles 9-1] = 2026-11-30 + 2026-11-25 09:00…2026-11-25 13:00
        estoy mirando los días [4] y [5 de diciembre] = 2026-12-04 + 2026-12-05
        los días [12] y [13 de enero] no hay clases = 2027-01-12 + 2027-01-13
        cerramos los días [24], [25] y [26 de diciembre] = 2026-12-24 + 2026-12-25 + 2026-12-26
        el [7] y el [8 de diciembre] = 2026-12-07 + 2026-12-08
        el [7] o el [8 de diciembre] = 2026-12-07 + 2026-12-08
        viajo el [3] y [10 de febrero] = 2027-02-03 + 2027-02-10
        [hoy] estoy en la oficina [de 9 a 18] = 2026-11-24 + 09:00…18:00
        [mañana] o [pasado mañana] = 2026-11-25 + 2026-11-26
        el [lunes] o el [martes] = 2026-11-30 + 2026-12-01
        [hoy] no puedo, llamame a las [5 de la tarde] = 2026-11-24 + 17:00
        [esta semana] no, el [lunes] = 2026-11-23…2026-11-30 + 2026-11-30
        el [viernes] me voy por [una semana] = 2026-11-27 + 604800 s
        [mañana] no, el [viernes] = 2026-11-25 + 2026-11-27
        [esta semana] o [la próxima semana] = 2026-11-23…2026-11-30 + 2026-11-30…2026-12-07
        [enero] y [febrero] = 2027-01-01…2027-02-01 + 2027-02-01…2027-03-01
        el [30 de noviembre] y el [1 de diciembre] = 2026-11-30 + 2026-12-01
        [lunes], [martes] y [miércoles] = 2026-11-30 + 2026-12-01 + 2026-11-25
        el [próximo lunes] o el [próximo jueves] = 2026-11-30 + 2026-11-26
        el [lunes a las 9] o el [martes a las 10] = 2026-11-30 09:00 + 2026-12-01 10:00
        el [lunes de 9 a 11 am] o [de 3 a 5 pm] = 2026-11-30 09:00…2026-11-30 11:00 + 15:00…17:00
        llamada de [45 minutos] [la semana que viene] = 2700 s + 2026-11-30…2026-12-07
        necesito [2 horas] [mañana] = 7200 s + 2026-11-25
        [la semana que viene] [después de las 3] = 2026-11-30…2026-12-07 + 03:00…
        [mañana] en la oficina [entre las 3:00 p.m. y las 5:00 p.m.] = 2026-11-25 + 15:00…17:00
        el [veintiocho de noviembre] es [sábado] = 2026-11-28 + 2026-11-28
        el [10 de diciembre] y el [20 de enero] = 2026-12-10 + 2027-01-20
        ¿[mañana a las 9] o el [jueves a las 11]? = 2026-11-25 09:00 + 2026-11-26 11:00
        [mañana] puedo, pero solo [de 10 a 11 de la mañana] = 2026-11-25 + 10:00…11:00
        necesito [30 minutos] el [miércoles] = 1800 s + 2026-11-25
        el [lunes de 9 a 11] o el [martes de 15 a 17] = 2026-11-30 09:00…2026-11-30 11:00 + 2026-12-01 15:00…2026-12-01 17:00
        """

    static let nothing = """
        armá algo en las tres semanas
        programá algo en los cuatro meses
        buenas tardes, soy Laura
        buen día
        buenas noches
        no tengo un mango
        le debo una a mi hermano
        mandame la factura
        son 5 cuotas de 3 lucas
        llamame al 4555-1234
        el edificio 12 está lejos
        la primera vez que llamo
        el segundo pago no lo hice
        tengo la cuenta 123456
        llego tarde
        es muy tarde ya
        que tengas linda tarde
        tengo un cuarto en alquiler
        mide dos metros y medio
        medio kilo de pan
        te debo 3 lucas y media
        la ruta 8
        soy Domínguez
        somos tres
        3 de 5
        20 por ciento
        la cuota 3 de 12
        el plan B
        hola
        ok
        tengo 3 hijos y dos perros
        el segundo piso es mío
        me quedan 20 facturas
        """
}
